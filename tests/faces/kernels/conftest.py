"""What the tests of forked kernels share."""

from importlib.metadata import entry_points

import pytest

from funnelkit.faces.kernels.warm import PROVISIONER


@pytest.fixture(autouse=True)
def _registered() -> None:
    provisioners = entry_points(group="jupyter_client.kernel_provisioners")
    assert PROVISIONER in provisioners.names, "install the package again: it says more by now"
