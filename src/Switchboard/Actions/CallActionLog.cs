using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Actions;

/// <summary>The log lines of call actions; the scope of the turn says which call.</summary>
internal static partial class CallActionLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "Call action {Action}: sent to the platform")]
    public static partial void Performed(ILogger logger, LogText action);

    [LoggerMessage(EventId = 401, Level = LogLevel.Warning, Message = "Call action {Action}: the responder's arguments are not allowed, and it was told so")]
    public static partial void Refused(ILogger logger, LogText action);

    [LoggerMessage(EventId = 402, Level = LogLevel.Warning, Message = "Call action {Action}: the responder's arguments are not allowed, and the action was dropped")]
    public static partial void Dropped(ILogger logger, LogText action);

    [LoggerMessage(EventId = 403, Level = LogLevel.Warning, Message = "Call action transfer: the responder wrote a directive to a number that is not allowed, and it was taken out")]
    public static partial void TransferTakenOut(ILogger logger);

    [LoggerMessage(EventId = 404, Level = LogLevel.Warning, Message = "Call action transfer: the responder called a tool that nobody declared and that could transfer the call, and it was dropped")]
    public static partial void ToolCallDropped(ILogger logger);
}
