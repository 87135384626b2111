"""`guanxi up`: serve the pages and do the background work."""

import argparse


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("up", help="serve the pages and do the background work, until stopped")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (default: 8000)")
    parser.add_argument("--demo", action="store_true", help="set up the demo company first")
    # Made while serving begins: a port in use is said first.
    parser.set_defaults(run=run, needs_database=False)


def run(args: argparse.Namespace) -> int:
    """Serve until a signal."""
    from guanxi.project import serving  # the web server takes a while to load, and no other command needs it

    return serving.serve(host=args.host, port=args.port, with_demo=args.demo)


def _port(text: str) -> int:
    """A port number."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port number (1 to 65535)")
    return int(text)
