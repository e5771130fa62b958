using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Actions;

/// <summary>The log lines of call actions; their logger adds which call and request.</summary>
internal static partial class CallActionLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "Call action {Action}: sent to the platform")]
    public static partial void Performed(ILogger logger, LogText action);

    [LoggerMessage(EventId = 401, Level = LogLevel.Warning, Message = "Call action {Action}: the responder's arguments are not allowed; it was asked again")]
    public static partial void Refused(ILogger logger, LogText action);

    [LoggerMessage(EventId = 402, Level = LogLevel.Warning, Message = "Call action {Action}: the responder's arguments are not allowed; the action was dropped")]
    public static partial void Dropped(ILogger logger, LogText action);

    [LoggerMessage(EventId = 403, Level = LogLevel.Warning, Message = "Call action transfer: the responder wrote a transfer to a number that is not allowed; it was removed from the answer")]
    public static partial void TransferTakenOut(ILogger logger);

    [LoggerMessage(EventId = 404, Level = LogLevel.Warning, Message = "Call action transfer: the responder called an undeclared tool that could transfer the call; the tool call was dropped")]
    public static partial void ToolCallDropped(ILogger logger);

    [LoggerMessage(EventId = 405, Level = LogLevel.Warning,
        Message = "Call action {Action}: not possible on the platform {Platform}, since {Reason}; what was said went out without it, and the call goes on")]
    public static partial void Impossible(ILogger logger, LogText action, LogText platform, LogText reason);

    [LoggerMessage(EventId = 406, Level = LogLevel.Warning,
        Message = "Call action transfer: the responder called the platform's tool {Tool} with a number that the tool does not list; the tool call was dropped. Name the numbers that calls may go to in Numbers of an action transfer")]
    public static partial void ForeignTransferDropped(ILogger logger, LogText tool);
}
