using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Tools;

/// <summary>The log lines of MCP servers. A server is named by its host and port; arguments and results are never logged.</summary>
internal static partial class McpLog
{
    [LoggerMessage(EventId = 410, Level = LogLevel.Information, Message = "MCP server {Server} of model {Model} is connected: {Count} tools")]
    public static partial void Joined(ILogger logger, LogText server, LogText model, int count);

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message =
        "MCP server {Server} of model {Model} is not available: {Failure}. Calls go on without its tools; connecting to it is retried")]
    public static partial void Lost(ILogger logger, LogText server, LogText model, FailureText failure);

    [LoggerMessage(EventId = 412, Level = LogLevel.Debug, Message = "MCP server {Server} of model {Model} is still not available: {Failure}")]
    public static partial void StillLost(ILogger logger, LogText server, LogText model, FailureText failure);

    [LoggerMessage(EventId = 413, Level = LogLevel.Warning, Message = "Tool {Tool} of MCP server {Server} failed: {Failure}. The responder was told to answer without it")]
    public static partial void CallFailed(ILogger logger, LogText tool, LogText server, FailureText failure);

    [LoggerMessage(EventId = 414, Level = LogLevel.Warning, Message =
        "Tool {Tool} was not run: the responder called it together with a call action or a tool of the client, or after Tools:MaxRounds")]
    public static partial void NotRun(ILogger logger, LogText tool);

    [LoggerMessage(EventId = 415, Level = LogLevel.Debug, Message = "MCP server {Server} of model {Model} did not confirm the end of the session: {Failure}")]
    public static partial void NotLeft(ILogger logger, LogText server, LogText model, FailureText failure);

    [LoggerMessage(EventId = 416, Level = LogLevel.Warning, Message = "MCP server {Server} of model {Model} has tools that are not offered: {Tools}")]
    public static partial void NotOffered(ILogger logger, LogText server, LogText model, FailureText tools);

    [LoggerMessage(EventId = 417, Level = LogLevel.Warning, Message =
        "Model {Model} is not offered {Count} tools of its MCP servers: the limit is 128 tools, and 131072 characters of names, descriptions and schemas")]
    public static partial void TooMany(ILogger logger, LogText model, int count);

    [LoggerMessage(EventId = 418, Level = LogLevel.Information, Message =
        "MCP server {Server} of model {Model} could not list its tools: {Failure}. Its previous tools stay in use, and the listing is retried")]
    public static partial void NotListed(ILogger logger, LogText server, LogText model, FailureText failure);

    [LoggerMessage(EventId = 419, Level = LogLevel.Warning, Message = "The responder called {Count} tools in one answer: only the first {Limit} were run, and the responder was told")]
    public static partial void TooManyCalls(ILogger logger, int count, int limit);

    [LoggerMessage(EventId = 420, Level = LogLevel.Warning, Message = "The responder called tool {Tool}, which was not run: {Reason}; it {IsTold}")]
    public static partial void CallNotMade(ILogger logger, LogText tool, LogText reason, LogText isTold);
}
