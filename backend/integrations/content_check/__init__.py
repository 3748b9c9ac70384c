"""Whether text and photos may become public: the protocol, and WeChat's own check behind it."""
