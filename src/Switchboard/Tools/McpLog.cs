using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Tools;

/// <summary>The log lines of MCP servers. A server is named by its URL without the query; arguments and results are never logged.</summary>
internal static partial class McpLog
{
    [LoggerMessage(EventId = 410, Level = LogLevel.Information, Message = "MCP server {Server} of model {Model} is joined: {Count} tools")]
    public static partial void Joined(ILogger logger, LogText server, LogText model, int count);

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message =
        "MCP server {Server} of model {Model} cannot be used: {Fault}. Calls go on without its tools; it is tried again and again")]
    public static partial void Lost(ILogger logger, LogText server, LogText model, FaultText fault);

    [LoggerMessage(EventId = 412, Level = LogLevel.Debug, Message = "MCP server {Server} of model {Model} still cannot be used: {Fault}")]
    public static partial void StillLost(ILogger logger, LogText server, LogText model, FaultText fault);

    [LoggerMessage(EventId = 413, Level = LogLevel.Warning, Message = "Tool {Tool} of MCP server {Server} failed: {Fault}. The responder was told to do without")]
    public static partial void CallFailed(ILogger logger, LogText tool, LogText server, FaultText fault);

    [LoggerMessage(EventId = 414, Level = LogLevel.Warning, Message =
        "Tool {Tool} was not run: the responder called it beside a call action, a tool of the client's, or after Tools:MaxRounds")]
    public static partial void NotRun(ILogger logger, LogText tool);

    [LoggerMessage(EventId = 415, Level = LogLevel.Debug, Message = "MCP server {Server} of model {Model} did not end its session: {Fault}")]
    public static partial void NotLeft(ILogger logger, LogText server, LogText model, FaultText fault);

    [LoggerMessage(EventId = 416, Level = LogLevel.Warning, Message = "MCP server {Server} of model {Model} has tools that are not offered: {Tools}")]
    public static partial void NotOffered(ILogger logger, LogText server, LogText model, FaultText tools);

    [LoggerMessage(EventId = 417, Level = LogLevel.Warning, Message =
        "Model {Model} is offered {Count} tools of its MCP servers fewer than they have: no more than 128, and 131072 characters of their names, descriptions and schemas")]
    public static partial void TooMany(ILogger logger, LogText model, int count);

    [LoggerMessage(EventId = 418, Level = LogLevel.Information, Message =
        "MCP server {Server} of model {Model} did not list its tools: {Fault}. Those that it had stay in use, and it is asked again")]
    public static partial void NotListed(ILogger logger, LogText server, LogText model, FaultText fault);

    [LoggerMessage(EventId = 419, Level = LogLevel.Warning, Message = "The responder called {Count} tools in one answer. The first {Limit} were run, and it was told so")]
    public static partial void TooManyCalls(ILogger logger, int count, int limit);
}
