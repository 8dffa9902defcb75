"""Relations among the keys of [time], [process] and [sampler]: when, and along which forward process."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from latentreuse.checks import Checks, exact, listed
from latentreuse.schema import METHODS, STEPPING, ProcessSection, nearest

MAX_TIME: Final = 1_000_000
SMALLEST, LARGEST = Fraction(1, 10**100), Fraction(10**9)
_LINEAR: Final = ("vp", "vp-full", "sub-vp")
_NUMBERED: Final = (*_LINEAR, "ddpm")  # processes that are nothing without their numbers


def process_numbers(process: ProcessSection) -> dict[str, Any]:
    """The numbers of [process], exact, as `numerics.schedules` takes them."""
    given = {key: getattr(process, key) for key in type(process).model_fields if key != "name"}
    return {key: exact(value) for key, value in given.items() if value is not None}


def _out_of_range(value: Any) -> bool:
    """Whether a number, or one of a list, is larger or smaller than any schedule has a use for."""
    entries = value if isinstance(value, tuple) else (value,)
    return any(isinstance(x, Fraction) and x and not SMALLEST <= abs(x) <= LARGEST for x in entries)


class ProcessChecks:
    """Judges [process] first, as the times of [time] and [sampler] lie in it."""

    def __init__(self, checks: Checks) -> None:
        self.checks, self.say = checks, checks.say
        self.schedule: Any = None  # of numerics.schedules, if a process is named and its numbers are right

    def run(self) -> Iterator[str]:
        """A line for each fault."""
        yield from self._process()
        yield from self._clock()
        yield from self._sampler()

    def _process(self) -> Iterator[str]:
        """A name with the numbers that go with it."""
        checks, name = self.checks, self.checks.process.name
        raw = checks.document.values.get("process")
        others = [key for key in raw if key != "name"] if isinstance(raw, dict) else []
        if others and not checks.given("process", "name"):
            yield self.say("process", "name", wrong=f"is missing beside {others[0]}; give name in [process]")
        if name is None:
            return
        from numerics.schedules import NAMES

        yield from checks.one_of("process", "name", name, NAMES)
        if name in NAMES:
            yield from self._schedule(name)

    def _schedule(self, name: str) -> Iterator[str]:
        """Its numbers, each judged where the schedule is made."""
        from numerics.schedule_kinds import ScheduleFault
        from numerics.schedules import schedule

        checks, numbers = self.checks, process_numbers(self.checks.process)
        required = ("beta_min", "beta_max") if name in _LINEAR else ()
        yield from checks.together("process", *required)
        judged = {key for key in required if key not in numbers} | {
            str(key) for section, key, *_ in (path for path in checks.faulty if len(path) > 1) if section == "process"
        }
        for key, value in numbers.items():
            if key not in judged and _out_of_range(value):
                yield self.say("process", key, wrong="is out of range; allowed: 0, or 1e-100 to 1e9 in size")
                judged.add(key)
        broken = bool(judged)
        numbers = {key: value for key, value in numbers.items() if key not in judged}
        numbers |= dict.fromkeys(judged & set(required), Fraction(1))
        while True:
            try:
                made = schedule(name, numbers)
                break
            except ScheduleFault as fault:
                if fault.key in judged:
                    return
                yield self.say("process", fault.key, wrong=fault.wrong)
                if fault.key not in numbers:
                    return
                broken = True
                judged.add(fault.key)
                if fault.key in required:
                    numbers[fault.key] = Fraction(1)  # so that the rest is judged
                else:
                    del numbers[fault.key]
        slow, fast = numbers.get("beta_min", 0), numbers.get("beta_max", 0)
        if name in _LINEAR and (slow + fast) * numbers.get("T", 1) > MAX_TIME:
            wrong = f"gives an integral of beta beyond {MAX_TIME // 2}; allowed: less"
            yield self.say("process", "beta_max", wrong=wrong)
        elif not broken:
            self.schedule = made

    def _clock(self) -> Iterator[str]:
        """Either alpha2 and h, or a process and t."""
        checks, time = self.checks, self.checks.time
        direct = [key for key in ("alpha2", "h") if checks.given("time", key)]
        named = [key for key in ("process", "t") if checks.given("time", key)]
        if direct and named:
            mend = "give either alpha2 and h, or process and t"
            yield from checks.beside("time", named[0], direct, mend)
        elif named:
            processed = checks.given("process", "name")
            yield from checks.together("time", *(["t"] if processed else ["process", "t"]))
        elif direct:
            yield from checks.together("time", "alpha2", "h")
        for key in ("alpha2", "h", "t"):
            yield from checks.at_least_0("time", key, value=getattr(time, key))
        if time.alpha2 and time.h and time.alpha2.q == time.h.q == 0:
            yield self.say("time", "h", wrong="is 0 together with alpha2; allowed: at most one of them 0")
        yield from self._named_in_time()
        yield from self._in_time("time", "t")

    def _named_in_time(self) -> Iterator[str]:
        """The process named in [time]: known, the one of [process] if that is there, else one without numbers."""
        process, there = self.checks.time.process, self.checks.process.name
        if process is None:
            return
        from numerics.schedule_kinds import ScheduleFault
        from numerics.schedules import NAMES, schedule

        free = tuple(name for name in NAMES if name not in _NUMBERED)
        if process not in NAMES:
            hint = nearest(process, list(NAMES))
            wrong = f"unknown process {process!r}{hint}; allowed: {listed(free)}, or with [process] {listed(_NUMBERED)}"
            yield self.say("time", "process", wrong=wrong)
        elif there is not None and there != process:
            yield self.say("time", "process", wrong=f"is {process!r} but process.name is {there!r}; give one")
        elif not self.checks.given("process", "name"):
            try:
                self.schedule = schedule(process)
            except ScheduleFault:
                mend = "give it as name in [process] with its numbers, or give alpha2 and h"
                yield self.say("time", "process", wrong=f"{process!r} has a schedule of its own; {mend}")

    def _in_time(self, section: str, key: str) -> Iterator[str]:
        """A time of the process must lie where the process does."""
        time = getattr(getattr(self.checks, section), key)
        name = self.checks.process.name or self.checks.time.process
        if time is None or self.schedule is None:
            return
        last = self.schedule.last
        if last is not None and time.q > last:
            yield self.say(section, key, wrong=f"{time.text!r} is beyond {last}; allowed for {name}: 0 to {last}")
        elif name in {"vp-ou", "ou"} and time.q > MAX_TIME:
            yield self.say(section, key, wrong=f"is beyond {MAX_TIME}; allowed for {name}: 0 to {MAX_TIME}")

    def _sampler(self) -> Iterator[str]:
        checks, sampler = self.checks, self.checks.sampler
        yield from checks.one_of("sampler", "method", sampler.method, METHODS)
        yield from checks.beside("sampler", "r_end", [k for k in ("t_end",) if checks.given("sampler", k)], "give one")
        yield from checks.above_0("sampler", "r_end", value=sampler.r_end)
        yield from checks.above_0("sampler", "t_end", value=sampler.t_end)
        yield from checks.at_least_0("sampler", "t_stop", value=sampler.t_stop)
        start, stop = sampler.t_end, sampler.t_stop
        if start and stop and start.q > 0 and stop.q >= start.q:
            wrong = f"is {stop.text!r}, not before t_end = {start.text}: a sampler runs from t_end down to t_stop"
            yield self.say("sampler", "t_stop", wrong=f"{wrong}; allowed: 0 to t_end")
        if sampler.method in STEPPING and not checks.given("sampler", "steps"):
            wrong = f"is missing: the method {sampler.method!r} goes in steps; give steps in [sampler]"
            yield self.say("sampler", "steps", wrong=wrong)
        yield from self._in_time("sampler", "t_end")
