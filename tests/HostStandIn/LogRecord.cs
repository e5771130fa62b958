using HostStandIn.Protocol;

namespace HostStandIn;

/// <summary>What the worker has logged over gRPC.</summary>
/// <param name="Level">Its level.</param>
/// <param name="Category">The logger's category.</param>
/// <param name="Message">The text.</param>
/// <param name="IsShown">Whether the host would show it: it drops what comes without a running invocation.</param>
internal sealed record LogRecord(RpcLog.Types.Level Level, string Category, string Message, bool IsShown);
