using System.ComponentModel.DataAnnotations;

namespace Switchboard.Tools;

/// <summary>An MCP server, reached over streamable HTTP: an entry of <c>Models:n:Tools:Mcp</c>.</summary>
/// <remarks>https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http</remarks>
public sealed class McpServerOptions
{
    /// <summary>The server's endpoint, such as <c>https://tools.example.com/mcp</c>. Required; http or https.</summary>
    [Required]
    public Uri? Url { get; set; }

    /// <summary>The key, sent as <c>Authorization: Bearer</c>. Default none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The name of the Key Vault secret that holds the key. Default none; it needs <c>Access:KeyVault</c>.</summary>
    public string? ApiKeySecret { get; set; }

    /// <summary>The longest that one call may take; the responder is then told to do without. Default 00:00:10.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What the caller hears while a tool of this server runs, if the responder has said nothing yet; of several, each in its turn.
    /// Default none.
    /// </summary>
    public IList<string> PreToolPhrase { get; } = [];
}
