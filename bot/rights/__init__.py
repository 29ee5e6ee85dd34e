"""Rights: reviewed texts, and (still to come) the way to the right one."""
