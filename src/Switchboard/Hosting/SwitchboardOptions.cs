using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Switchboard.Http;
using Switchboard.Keys;
using Switchboard.Models;
using Switchboard.Platforms;
using Switchboard.Steps;
using Switchboard.Transcripts;
using Switchboard.Turn;
using Switchboard.Upstream;

namespace Switchboard.Hosting;

/// <summary>All settings; each property is a section of the configuration.</summary>
public sealed class SwitchboardOptions
{
    internal const string NoModel = "configure at least one model (Models:0:Id).";

    [ValidateObjectMembers]
    public AccessOptions Access { get; set; } = new();

    [ValidateEnumeratedItems]
    [MinLength(1, ErrorMessage = NoModel)]
    public IList<ModelOptions> Models { get; } = [];

    public CallsOptions Calls { get; set; } = new();

    [ValidateObjectMembers]
    public SettingsOptions Settings { get; set; } = new();

    [ValidateObjectMembers]
    public LimitsOptions Limits { get; set; } = new();

    [ValidateObjectMembers]
    public TranscriptsOptions Transcripts { get; set; } = new();

    public ConsoleOptions Console { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>Whether keys and secrets come from a vault.</summary>
    internal bool HasVault => Access.KeyVault.Uri is not null;

    /// <summary>Whether traces carry what was said: not where all of it is left out.</summary>
    internal bool TracesContent => Telemetry.MessageContent && Transcripts.Redact is not Redaction.All;

    /// <summary>The numbers of the settings, which are nobody's secret.</summary>
    internal IEnumerable<string> OwnNumbers => Models.SelectMany(model => model.Actions).SelectMany(action => action.Numbers.Append(action.Caller)).OfType<string>();

    /// <summary>Whether a model is answered by upstreams.</summary>
    internal bool AsksUpstreams => Models.Any(model => model.Responder == UpstreamChatClient.Name);

    /// <summary>Whether a model has tools of an MCP server.</summary>
    internal bool HasMcpTools => Models.Any(model => model.Tools.Mcp.Count > 0);
}
