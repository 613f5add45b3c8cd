"""One request to Cloud Control. Its operations are served by `infra/local/services/cloudcontrol.py`."""

from moto.core.responses import BaseResponse


class CloudControlResponse(BaseResponse):
    """What moto hands a request to."""

    def __init__(self) -> None:
        super().__init__(service_name="cloudcontrol")
        self.automated_parameter_parsing = True
