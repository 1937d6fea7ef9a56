"""Networks of real size: block relay over arrays, sweeps over many runs, and the figures of the literature.

The same rules as in `sim`, for 18,077 peers instead of 20. One protocol, written down three times so that
each proves the others: `readable_relay` is a node like any other and runs on `sim`; `plain` is a loop over
lists; `kernel` is that loop compiled. They agree to the microsecond, or a test fails.

What may enter: numpy, and numba, Dask or ipywidgets where somebody asks for them. No node with a state of
its own but the readable one, no trace: whoever wants to step back takes a small network and the laboratory.
"""
