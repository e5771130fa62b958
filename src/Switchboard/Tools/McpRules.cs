using Switchboard.Common;

namespace Switchboard.Tools;

/// <summary>Checks what attributes cannot say of MCP servers.</summary>
internal static class McpRules
{
    public static IEnumerable<string> Faults(ToolsOptions tools, bool hasSecrets)
    {
        for (var index = 0; index < tools.Mcp.Count; index++)
        {
            foreach (var fault in Faults(tools.Mcp[index], hasSecrets))
            {
                yield return $"Mcp:{index}:{fault}";
            }
        }
    }

    private static IEnumerable<string> Faults(McpServerOptions server, bool hasSecrets)
    {
        if (server.Url is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
        {
            yield return "Url: expected an absolute http or https URL.";
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
            yield return "ApiKeySecret: there is no Key Vault to read it from.";
        }
    }
}
