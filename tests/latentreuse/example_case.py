"""The case file of the README, without its comments."""

CASE = """[model]
D = 12
k = 3
d = 3
theta  = ["0.2", "0.7", "1.3"]
lambda = ["2", "2", "2"]
sigma2 = "0.05"
[time]
alpha2 = "0.6"
h = "0.4"
"""
