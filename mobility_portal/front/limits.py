"""What the front lets a client do. Read before there are settings, so from the environment alone."""

import os

HEAD_BYTES = 32_768  # request line and headers; browsers send 1 to 4 kB
HEAD_SECONDS = 15.0  # from the first byte of a request to the end of its head
IDLE_SECONDS = 30.0  # a connection on which nothing is asked
BODY_SECONDS, BODY_RATE = 20.0, 20_000  # a body may take this long, and a second more for each of so many bytes
STALL_SECONDS = 20.0  # an answer of which the client takes nothing
LINGER_SECONDS, LINGER_BYTES = 2.0, 65_536  # after the answer: what a client still sends is read and thrown away

# The largest form that is not an administrator's source file is a document of 25 MB. Until then a body waits on the
# disk; a larger one is read by a thread, of which a process gives one.
WAITING_BODY = 27_000_000
IN_MEMORY = 262_144  # bytes of a body, or of an answer, before they go to a file
ON_DISK = 512_000_000  # bytes of bodies and answers that one process keeps waiting
ANSWER_ON_DISK = 64_000_000  # of one answer; the thread that makes more waits for its reader
LARGEST_BODY = int(os.environ.get("UPLOAD_MAX_BYTES") or 2_000_000_000) + 1_000_000  # with the form around the file

CONNECTIONS = 800  # of one process; at the limit the one that has been silent longest makes room
HEAVY_WAITING = 60  # heavy pages of one process in line; more are told to come back
