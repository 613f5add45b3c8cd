"""When a schedule expression falls due: `rate(…)`, `cron(…)` and `at(…)`, as EventBridge reads them.

Source: EventBridge Scheduler user guide, "Schedule types", read 2026-11-24. A cron field may be a list of
values, ranges, steps and names; `L`, `W` and `#` are refused, since nothing here would fire them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_RATE = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)s?\)")
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_CRON = re.compile(r"cron\(([^ ]+) ([^ ]+) ([^ ]+) ([^ ]+) ([^ ]+) ([^ )]+)\)")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_FIELDS: tuple[tuple[int, int, list[str]], ...] = (
    (0, 59, []),
    (0, 23, []),
    (1, 31, []),
    (1, 12, _MONTHS),
    (1, 7, _DAYS),
    (1970, 2199, []),
)


@dataclass(frozen=True)
class Rate:
    """A period, counted from when the schedule starts."""

    period: timedelta

    def after(self, moment: datetime, start: datetime) -> datetime | None:
        """The first time at or after `moment`."""
        if moment <= start:
            return start
        return start + -(-(moment - start) // self.period) * self.period


@dataclass(frozen=True)
class At:
    """One moment."""

    moment: datetime

    def after(self, moment: datetime, start: datetime) -> datetime | None:
        """That moment, unless it has passed."""
        return self.moment if self.moment >= moment else None


@dataclass(frozen=True)
class Cron:
    """A calendar, minute by minute, in a time zone."""

    fields: tuple[frozenset[int], ...]
    zone: ZoneInfo

    def after(self, moment: datetime, start: datetime) -> datetime | None:
        """The first matching minute at or after `moment`, within the next four years."""
        minutes, hours, days, months, weekdays, years = self.fields
        local = max(moment, start).astimezone(self.zone)
        day = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        for _ in range(1462):
            if day.year in years and day.month in months and day.day in days and day.isoweekday() % 7 + 1 in weekdays:
                for hour in sorted(hours):
                    for minute in sorted(minutes):
                        found = day.replace(hour=hour, minute=minute, tzinfo=self.zone).astimezone(UTC)
                        if found >= moment and found >= start:
                            return found
            day += timedelta(days=1)
        return None


def parse(expression: str, timezone: str = "UTC") -> Rate | At | Cron:
    """The expression's meaning; ValueError if it is none, or the time zone is unknown."""
    try:
        zone = ZoneInfo(timezone)
    except (KeyError, OSError) as error:
        raise ValueError(timezone) from error
    if rate := _RATE.fullmatch(expression):
        return Rate(timedelta(**{f"{rate[2]}s": int(rate[1])}))
    if moment := _AT.fullmatch(expression):
        return At(datetime.fromisoformat(moment[1]).replace(tzinfo=zone).astimezone(UTC))
    if cron := _CRON.fullmatch(expression):
        texts = cron.groups()
        if (texts[2] == "?") == (texts[4] == "?"):
            raise ValueError(expression)
        fields = tuple(_field(text, *known) for text, known in zip(texts, _FIELDS, strict=True))
        return Cron(fields, zone)
    raise ValueError(expression)


def _field(text: str, least: int, most: int, names: list[str]) -> frozenset[int]:
    values: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        if span in ("*", "?"):
            first, last = least, most
        else:
            low, _, high = span.partition("-")
            first = _number(low, least, names)
            last = _number(high, least, names) if high else (most if step else first)
        if not least <= first <= last <= most:
            raise ValueError(text)
        values.update(range(first, last + 1, int(step or 1)))
    return frozenset(values)


def _number(text: str, least: int, names: list[str]) -> int:
    return names.index(text.upper()) + least if text.upper() in names else int(text)
