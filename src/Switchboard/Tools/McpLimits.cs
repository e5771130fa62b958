using Switchboard.Common;

namespace Switchboard.Tools;

/// <summary>
/// How much of what an MCP server chooses is taken from it: whoever runs one may mean harm, or be broken. docs/configuration.md has each with its reason.
/// </summary>
internal static class McpLimits
{
    /// <summary>The answer to one message, in bytes of its bodies, all of its parts together.</summary>
    public const int AnswerBytes = 4 * 1024 * 1024;

    /// <summary>The HTTP requests that one message may take: its own, and those to go on reading a stream that ended early.</summary>
    public const int RequestsOfMessage = 16;

    /// <summary>The head of a response, in kilobytes.</summary>
    public const int HeadKilobytes = 16;

    /// <summary>A session id and an event id, in characters: both go back with every request.</summary>
    public const int IdLength = 1024;

    /// <summary>The pages of one listing.</summary>
    public const int Pages = 32;

    /// <summary>The tools of one server, and of all servers of a model: more are refused by OpenAI's API.</summary>
    public const int Tools = 128;

    /// <summary>A tool's name on the server, in characters.</summary>
    public const int NameLength = 128;

    /// <summary>A description of a tool or of one of its parameters, in characters; longer ones are refused by OpenAI's API.</summary>
    public const int DescriptionLength = 1024;

    /// <summary>The JSON schema of a tool's parameters, in characters.</summary>
    public const int SchemaLength = 16_384;

    /// <summary>How deep schemas may stand inside a schema.</summary>
    public const int SchemaDepth = 32;

    /// <summary>The schemas of which a schema is made.</summary>
    public const int SchemaParts = 1024;

    /// <summary>Names, descriptions and schemas of all tools that a model is offered, in characters: it reads them in every round.</summary>
    public const int OfferedLength = 131_072;
}

/// <summary>A server has sent more than is taken from it.</summary>
/// <param name="what">What it did.</param>
internal sealed class McpLimitException(string what) : LoggableException
{
    public override string Message => $"the server {what}";
}

/// <summary>The key of a server could not be had.</summary>
internal sealed class McpKeyException(Exception cause) : LoggableException(cause)
{
    public override string Message => "the key of the server could not be read";
}
