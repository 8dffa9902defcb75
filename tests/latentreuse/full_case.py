"""One case file with every section: whatever a result needs is in it."""

FULL = """[model]
D = 12
k = 3
d = 3
theta = ["0.2", "0.7", "1.3"]
lambda = ["2", "1", "3"]
sigma2 = "0.05"
mu_perp2 = "0.5"
mu_in2 = "0.25"
[time]
alpha2 = "0.6"
h = "0.4"
[source]
lambda = ["1.5", "1", "1/3"]
sigma2 = "0.02"
weight = "1/3"
d = 3
[latent]
directions = 1
law = "gaussian"
[tolerance]
error = "0.5"
tau = "0.1"
[sampler]
method = "em"
steps = 12
t_end = "1"
t_stop = "0.01"
[process]
name = "vp"
beta_min = "0.1"
beta_max = "20"
T = "1"
convention = "half"
[sample]
n = 1000
D = 12
spike = "10"
"""


ONE_PLANE = {
    "k = 3": "k = 1",
    "d = 3": "d = 1",
    '["0.2", "0.7", "1.3"]': '["0.7"]',
    '["2", "1", "3"]': '["2"]',
    '["1.5", "1", "1/3"]': '["1.5"]',
    'sigma2 = "0.02"': 'sigma2 = "0.05"',
}


def full_case(result: str) -> str:
    """The case for one result: with the method that it is about, and of one plane for the weight of one plane."""
    text = FULL.replace('method = "em"', 'method = "sde"') if result == "continuous-sampler" else FULL
    if result == "best-mixing-weight":
        for old, new in ONE_PLANE.items():
            text = text.replace(old, new)
    return text
