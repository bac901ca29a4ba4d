"""Cinder's NFS driver on directories of this machine. What it adds makes the driver do what NFS storage can do."""
import functools

from cinder.image import image_utils
from cinder.volume.drivers import nfs

# The driver's own snapshots are qcow2 files with a backing file, which the check of images (CVE-2024-32498) refuses.
image_utils.qemu_img_info = functools.partial(image_utils.qemu_img_info, allow_qcow2_backing_file=True)


class Driver(nfs.NfsDriver):
    def _update_volume_stats(self):
        super()._update_volume_stats()
        self._stats["multiattach"] = True  # Several servers may open one file. No guest ever runs that could spoil it.

    def _is_volume_attached(self, volume):
        """Asked before an extension, which the driver refuses, and before a snapshot, which a hypervisor has to take.
        No guest runs that could write meanwhile, so that both are done as on a detached volume."""
        return False

    def _copy_volume_from_snapshot(self, snapshot, volume, volume_size, *args, **kwargs):
        super()._copy_volume_from_snapshot(snapshot, volume, volume_size, *args, **kwargs)
        if volume_size > snapshot.volume_size:  # The copy has the size of the snapshot, whatever was asked for.
            image_utils.resize_image(self.local_path(volume), volume_size)
