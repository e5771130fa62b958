using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

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
}
