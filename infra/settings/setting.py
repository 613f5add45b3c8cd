"""What every part of a settings file has in common."""

from pydantic import BaseModel, ConfigDict


class Setting(BaseModel):
    """No unknown key, no change after reading, no guessing of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
