"""The chart, rendered by Helm itself for every set of values that it is tested with."""

from __future__ import annotations

import pytest

from tests.chart.charts import VALUES, Rendered, render


@pytest.fixture(scope="session", params=VALUES)
def rendered(request: pytest.FixtureRequest) -> Rendered:
    """Give what Helm makes of the chart, for each set of values."""
    return render(str(request.param))
