"""WeChat: the protocol, the error table, the client, the callback, message templates."""
