"""Due dates as iCalendar (RFC 5545): whole days that take nobody's time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

# A day has no hour of its own: counted back from its midnight these ring at nine in the morning, where the reader is.
ALARMS = (timedelta(days=-6, hours=-15), timedelta(hours=-15))  # a week before, and the day before


def write_calendar(name: str, rows: Iterable, *, now: datetime, base: str) -> bytes:
    """`rows` of `queries.calendar_rows`; `base` is the portal's address without a slash at the end.

    An event's UID is the milestone's for good: a date that moves moves the event.
    """
    made = Calendar()
    made.add("prodid", "-//Mobility Portal//Milestones//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for row in rows:
        made.add_component(_event(row, now, base))
    return made.to_ical()


def _event(row, now: datetime, base: str) -> Event:
    event = Event()
    event.add("uid", f"milestone-{row.pk}@mobility-portal")
    event.add("dtstamp", now)
    event.add("sequence", row.version)
    event.add("dtstart", row.due_on)
    event.add("dtend", row.due_on + timedelta(days=1))
    event.add("summary", f"{row.city_name}: {row.title}{' (demo)' if row.is_fictional else ''}")
    event.add("description", "\n".join(line for line in (f"{row.stage_label}, {row.label}", row.funder_note) if line))
    event.add("categories", [row.stage_label])
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{base}/milestones/{row.pk}/")
    for before in ALARMS:
        event.add_component(_alarm(f"{row.city_name}: {row.title}", before))
    return event


def _alarm(words: str, before: timedelta) -> Alarm:
    """A message on the screen: no sound file, no mail, nothing a calendar would ask the reader's leave for."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", before)
    return alarm
