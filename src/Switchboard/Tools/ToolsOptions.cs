using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Switchboard.Common;

namespace Switchboard.Tools;

/// <summary>Tools that run here, between the responder and the caller: <c>Models:n:Tools</c>.</summary>
public sealed class ToolsOptions
{
    /// <summary>The MCP servers that have the tools. Default none. Where two have a tool of the same name, the first one's is used.</summary>
    [ValidateEnumeratedItems]
    public IList<McpServerOptions> Mcp { get; } = [];

    /// <summary>How often in one turn the responder may call tools; after that it can only talk. Default 5.</summary>
    [Range(1, 50)]
    public int MaxRounds { get; set; } = 5;

    /// <summary>What attributes cannot say of the servers, each failure beginning with the name of its setting.</summary>
    internal static IEnumerable<string> Failures(ToolsOptions tools, bool hasSecrets)
    {
        for (var index = 0; index < tools.Mcp.Count; index++)
        {
            foreach (var failure in Failures(tools.Mcp[index], hasSecrets))
            {
                yield return $"Mcp:{index}:{failure}";
            }
        }
    }

    private static IEnumerable<string> Failures(McpServerOptions server, bool hasSecrets)
    {
        if (server.Url is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
        {
            yield return $"Url: expected an absolute http or https URL{SettingText.FoundUrl(url.OriginalString)}{SettingText.MeantUrl(url.OriginalString)}";
        }
        else if (server.Url is { UserInfo.Length: > 0 })
        {
            yield return "Url: a URL must hold no password; use ApiKey or ApiKeySecret.";
        }

        if (server is { ApiKey.Length: > 0, ApiKeySecret.Length: > 0 })
        {
            yield return "ApiKey: set only one of ApiKey and ApiKeySecret.";
        }

        if (!AsciiText.IsPrintableWithoutSpaces(server.ApiKey))
        {
            yield return "ApiKey: a key is made of printable ASCII characters without spaces.";
        }

        if (server.ApiKeySecret is { Length: > 0 } && !hasSecrets)
        {
            yield return "ApiKeySecret: there is no Key Vault to read it from; name one (Access:KeyVault:Uri), or on a machine without one give the key itself, as ApiKey, in the environment or local.settings.json.";
        }
    }
}

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
    [RegularExpression("[0-9A-Za-z-]{1,127}", ErrorMessage = "expected 1 to 127 letters, digits and hyphens.")]
    public string? ApiKeySecret { get; set; }

    /// <summary>The longest that one call may take; the responder is then told to do without. Default 00:00:10.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What the caller hears while a tool of this server runs, if the responder has said nothing yet; of several, each in its turn.
    /// Default none.
    /// </summary>
    [Spoken]
    public IList<string> PreToolPhrase { get; } = [];
}
