"""Relations among the keys of the other sections, and between them and [model]."""

from collections.abc import Iterator

from latentreuse.checks import Checks, listed
from latentreuse.schema import LAWS, nearest


class SectionChecks:
    """Judges [source], [latent], [tolerance], [sample] and [assumptions]."""

    def __init__(self, checks: Checks) -> None:
        self.checks, self.say, self.sizes = checks, checks.say, checks.sizes

    def run(self) -> Iterator[str]:
        """A line for each fault."""
        yield from self._source()
        yield from self._latent()
        yield from self._tolerance()
        yield from self._sample()
        yield from self._choices()

    def _source(self) -> Iterator[str]:
        """The encoder is the source's frame, so that its latent has k variances."""
        checks, source, k = self.checks, self.checks.source, self.sizes["k"]
        if source.d is not None and k is not None and source.d != k:
            wrong = f"is {source.d} but k = {k}: the encoder is the source's frame; allowed: {k}, or leave it out"
            yield self.say("source", "d", wrong=wrong)
        size, name = (k, "k") if k is not None else (source.d, "d")
        if source.lam is not None and size is not None and len(source.lam) != size:
            wrong = f"has {len(source.lam)} variances; allowed: exactly {name} = {size}"
            yield self.say("source", "lambda", wrong=wrong)
        for i, value in enumerate(source.lam or ()):
            yield from checks.at_least_0("source", "lambda", i, value=value)
        yield from checks.at_least_0("source", "sigma2", value=source.sigma2)
        if source.weight is not None and not 0 < source.weight.q < 1:
            wrong = f"{source.weight.text!r} is not between 0 and 1; allowed: more than 0 and less than 1"
            yield self.say("source", "weight", wrong=wrong)

    def _latent(self) -> Iterator[str]:
        checks, latent = self.checks, self.checks.latent
        yield from checks.one_of("latent", "law", latent.law, LAWS)
        if checks.given("latent", "width") and latent.law in LAWS and latent.law != "mixture":
            wrong = f"belongs to the law 'mixture', and law is {latent.law!r}; leave width out"
            yield self.say("latent", "width", wrong=wrong)
        if latent.law == "mixture":
            yield from checks.together("latent", "width")
        yield from checks.above_0("latent", "width", value=latent.width)
        k, d, kept = self.sizes["k"], self.sizes["d"], latent.directions
        if not isinstance(kept, list) or k is None or d is None:
            return
        if len(kept) != max(k, d):
            yield self.say(
                "latent", "directions", wrong=f"has {len(kept)} entries; allowed: exactly max(k, d) = {max(k, d)}"
            )
        for i, count in enumerate(kept[min(k, d) : max(k, d)], min(k, d)):
            if count == 2:
                wrong = "is 2 for a direction without partner; allowed: 0 or 1"
                yield self.say("latent", "directions", i, wrong=wrong)

    def _tolerance(self) -> Iterator[str]:
        for key in ("error", "tau"):
            yield from self.checks.above_0("tolerance", key, value=getattr(self.checks.tolerance, key))

    def _sample(self) -> Iterator[str]:
        sample, D, k = self.checks.sample, self.sizes["D"], self.sizes["k"]
        if sample.D is not None and D is not None and sample.D != D:
            yield self.say("sample", "D", wrong=f"is {sample.D} but model.D is {D}; make them agree, or give one")
        if isinstance(sample.spike, list):
            for i, spike in enumerate(sample.spike):
                yield from self.checks.above_0("sample", "spike", i, value=spike)
            if not sample.spike or (k is not None and len(sample.spike) != k):
                allowed = f"exactly k = {k}" if k is not None else "one or more"
                wrong = f"has {len(sample.spike)} entries; allowed: {allowed}, or a single number for all"
                yield self.say("sample", "spike", wrong=wrong)
        else:
            yield from self.checks.above_0("sample", "spike", value=sample.spike)

    def _choices(self) -> Iterator[str]:
        """Names and values in [assumptions] against the theory's own table, and against the numbers of this case."""
        chosen = self.checks.document.values.get("assumptions")
        if not isinstance(chosen, dict) or not chosen:
            return
        from theory.assumptions import CHOICES

        for key, raw in chosen.items():
            value = choice(raw)
            if key not in CHOICES:
                wrong = f"unknown assumption{nearest(key, list(CHOICES))}; allowed: {', '.join(CHOICES)}"
                yield self.say("assumptions", key, wrong=wrong)
            elif value not in CHOICES[key]:
                hint = nearest(value, list(CHOICES[key]))
                wrong = f"cannot be {value!r}{hint}; allowed: {listed(CHOICES[key])}"
                yield self.say("assumptions", key, wrong=wrong)
            else:
                wrong = self._contradiction(key, value)
                if wrong:
                    yield self.say("assumptions", key, wrong=f"{wrong}; make them agree")

    def _contradiction(self, key: str, value: str) -> str:
        """How this case lies outside the set that a narrowing assumption allows, or nothing."""
        model, k, d = self.checks.model, self.sizes["k"], self.sizes["d"]
        if (key, value) == ("sigma2", "0") and model.sigma2 and model.sigma2.q != 0:
            return f"is '0' but model.sigma2 is {model.sigma2.text!r}"
        readable = ("model", "lambda") not in self.checks.faulty
        if (key, value) == ("lambda", "isotropic") and readable and len({v.q for v in model.lam or ()}) > 1:
            return "is 'isotropic' but the entries of model.lambda differ"
        if (key, value) == ("lambda", "isotropic") and model.Lambda is not None:
            return "is 'isotropic' but model.Lambda is given"
        if key == "dims" and value != "any" and k is not None and d is not None:
            holds = {"k=d": k == d, "k<d": k < d, "k>d": k > d}[value]
            return "" if holds else f"is {value!r} but k = {k} and d = {d}"
        means = [name for name in ("mu_perp2", "mu_in2") if (size := getattr(model, name)) and size.q > 0]
        if (key, value) == ("mu", "0") and means:
            return f"is '0' but model.{means[0]} is positive"
        laws = self.checks.latent.law
        if (key, value) == ("latent", "gaussian") and laws in LAWS and laws != "gaussian":
            return f"is 'gaussian' but latent.law is {laws!r}"
        return ""


def choice(raw: object) -> str:
    """The text of an assumption's value; a bare integer stands for its digits."""
    if isinstance(raw, int) and abs(raw) >= 10**60:  # of more digits than Python may write out
        return "a very large integer"
    return (
        str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw if isinstance(raw, str) else repr(raw)
    )
