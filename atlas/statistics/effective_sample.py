"""How many independent tracts a set of neighbors that resemble each other is worth to a correlation.

Clifford, Richardson and Hémon (1989, Biometrics 45, 123-134) with Dutilleul's trace form (1993, Biometrics 49,
305-314): where x and y have nothing to do with each other, the correlation's variance is
tr(A Sx A Sy) / (tr(A Sx) tr(A Sy)) and the effective sample size 1 + 1/variance. Theirs is A = I - 11'/n; a
correlation weighted by shares W takes A = diag(W) - WW', the matrix of its sums of products. That is our extension,
checked by simulation. Sx and Sy are each variable's mean products of deviations by class of distance (Sturges'
number of classes of equal width), every pair of tracts counting once.
"""

import math

import numpy as np
import shapely
from numpy.typing import NDArray


def effective_sample_size(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    weights: NDArray[np.floating],
    points: NDArray[np.floating],
) -> float:
    """Effective number of tracts, at most what independent ones of these weights would be worth.

    x, y, weights (n,) without gaps, weights above 0, n >= 3; points (n, 2), a plane in any unit of length. Equal
    weights and no likeness give n. More than independent tracts, which likeness of the opposite sign could give, is
    never claimed: few tracts measure it badly.
    Worked: weights .1, .2, .3, .4, independent: 1 + .7^2/.19 = 3.579.
    """
    share = weights / weights.sum()
    independent = _from_variance(_null_variance(share, np.eye(len(share)), np.eye(len(share))))
    classes = _distance_classes(points)
    variance = _null_variance(share, *(_covariance(column, classes) for column in (x, y)))
    return independent if variance <= 0 else min(_from_variance(variance), independent)


def find_centers(polygons: NDArray[np.object_]) -> NDArray[np.floating]:
    """Centers of shapely polygons (n,), (n, 2) in their unit; NaN where there is no polygon."""
    centers = shapely.centroid(np.asarray(polygons, dtype=object))
    centers = np.where(shapely.is_empty(centers), None, centers)  # of an empty polygon: a point without coordinates
    return np.column_stack([shapely.get_x(centers), shapely.get_y(centers)])


def _from_variance(variance: float) -> float:
    return 1 + 1 / variance


def _null_variance(share: NDArray[np.floating], first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """tr(A Sx A Sy) / (tr(A Sx) tr(A Sy)), A = diag(share) - share share'."""
    one, other = (share[:, None] * covariance - np.outer(share, share @ covariance) for covariance in (first, second))
    return float(np.sum(one * other.T) / (np.trace(one) * np.trace(other)))


def _distance_classes(points: NDArray[np.floating]) -> NDArray[np.int64]:
    """(n, n): the class of each pair's distance from 0; -1 of a tract with itself."""
    n = len(points)
    distance = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    number = math.ceil(1 + math.log2(n * (n - 1) / 2))
    farthest = distance.max() or 1.0
    classes: NDArray[np.int64] = np.minimum((distance / farthest * number).astype(np.int64), number - 1)
    np.fill_diagonal(classes, -1)
    return classes


def _covariance(column: NDArray[np.floating], classes: NDArray[np.int64]) -> NDArray[np.floating]:
    """(n, n): the mean product of deviations of the pair's class; on the diagonal the mean square."""
    deviation = column.astype(float) - column.mean()
    products = np.outer(deviation, deviation).ravel()
    known = classes.ravel() + 1  # class 0: a tract with itself
    sums, pairs = np.bincount(known, products), np.bincount(known)
    means = np.divide(sums, pairs, out=np.zeros(len(sums)), where=pairs > 0)
    covariance: NDArray[np.floating] = means[known].reshape(classes.shape)
    return covariance
