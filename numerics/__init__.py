"""Numbers only: every quantity computed a second time, by routes that share nothing with its closed form.

Dense exact matrices, dense ball matrices, sampled scores and learned scores are compared with emitted
functions that are handed in from outside; nothing here knows how a closed form was found.
"""
