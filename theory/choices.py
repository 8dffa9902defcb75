"""What a user may change about the setting: keys with their values, the first of each being the paper's.

A value narrows (ADDS: a special case of the model), widens (DROPS: an assumption is given up), or asks for another
quantity of the same model (READINGS), which another result gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from theory import symbols as S
from theory.expr import num, sym
from theory.model import Model

Choice = tuple[str, str]

CHOICES: dict[str, tuple[str, ...]] = {
    "lambda": ("diagonal", "isotropic", "misaligned"),
    "sigma2": ("free", "0"),
    "dims": ("any", "k=d", "k<d", "k>d"),
    "mu": ("0", "free"),
    "latent": ("gaussian", "mixture", "any"),
    "noise": ("isotropic", "off-subspace", "any"),
    "source_noise": ("free", "same"),
    "encoder": ("orthonormal", "oblique", "estimated"),
    "score": ("relearned", "frozen", "source"),
    "decoder": ("1/h", "noise-aware", "1/c_s", "none", "free"),
    "error": ("score", "noise", "data", "velocity"),
}
DROPS: dict[Choice, str] = {
    ("lambda", "misaligned"): "diagonal-latent",
    ("mu", "free"): "centred-target",
    ("latent", "mixture"): "gaussian-latent",
    ("latent", "any"): "gaussian-latent",
    ("noise", "off-subspace"): "isotropic-noise",
    ("noise", "any"): "isotropic-noise",
    ("encoder", "oblique"): "orthonormal-encoder",
    ("score", "frozen"): "relearned-score",
    ("score", "source"): "relearned-score",
    ("decoder", "noise-aware"): "implied-decoder",
    ("decoder", "1/c_s"): "implied-decoder",
    ("decoder", "none"): "implied-decoder",
    ("decoder", "free"): "implied-decoder",
}
READINGS: dict[Choice, str] = {
    ("encoder", "estimated"): "the encoder is estimated from n samples of the source",
    ("error", "noise"): "the error of the noise prediction",
    ("error", "data"): "the error of the data prediction",
    ("error", "velocity"): "the error of the velocity prediction",
}


ADDS: dict[Choice, Callable[[Model], Model]] = {
    ("lambda", "isotropic"): lambda m: m.fixing(lambda_i=sym("lambda"), a_i=sym("a")),
    ("sigma2", "0"): lambda m: m.fixing(sigma2=num(0), nu=num(0), rho=num(0), c=S.h),
    ("dims", "k=d"): lambda m: replace(m.fixing(k=S.d), dims="k=d"),
    ("dims", "k<d"): lambda m: replace(m, dims="k<d"),
    ("dims", "k>d"): lambda m: replace(m, dims="k>d"),
    ("source_noise", "same"): lambda m: m.fixing(sigma_s2=m.fixed.get("sigma2", S.sigma2), c_s=m.fixed.get("c", S.c)),
}
IN_WORDS: dict[Choice, str] = {
    ("lambda", "isotropic"): "All latent variances are equal, `lambda_i = lambda`.",
    ("sigma2", "0"): "There is no ambient noise, `sigma = 0`.",
    ("dims", "k=d"): "The encoder has the target's dimension, `k = d`.",
    ("dims", "k<d"): "The encoder has fewer dimensions than the target, `k < d`.",
    ("dims", "k>d"): "The encoder has more dimensions than the target, `k > d`.",
    ("source_noise", "same"): "Source and target have the same ambient noise, `sigma_s = sigma`.",
}
PROCESSES = ("vp-ou", "ou", "vp", "vp-full", "sub-vp", "ddpm", "cosine", "ve", "edm", "flow")
