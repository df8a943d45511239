"""An ASGI application that answers slowly."""

import asyncio


async def application(scope, receive, send):
    """Answer a request, and say when the server starts and stops."""
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            print("lifespan", kind)
            await send({"type": f"lifespan.{kind}.complete"})
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(2)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-answered-by", b"api")]})
    await send({"type": "http.response.body", "body": b"slow, and whole" if scope["path"] == "/slow" else b"ok"})
