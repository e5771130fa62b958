using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>A tool that the client declared in its request and runs itself.</summary>
internal sealed class ClientTool(string name, string? description, JsonElement parameters, bool? strict) : AIFunctionDeclaration
{
    private readonly AdditionalPropertiesDictionary _properties = strict is { } value ? new() { ["strict"] = value } : [];

    public override string Name => name;

    public override string Description => description ?? "";

    public override JsonElement JsonSchema => parameters;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => _properties;
}
