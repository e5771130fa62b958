using Microsoft.Extensions.Options;
using Switchboard.Actions;
using Switchboard.Hosting;
using Switchboard.Templates;
using Switchboard.Tools;
using Switchboard.Upstream;

namespace Switchboard.Models;

/// <summary>Checks what attributes cannot say of the steps of a model's turns.</summary>
internal sealed class TurnRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var faults = options.Models.SelectMany((model, index) => Faults(model, options.HasVault).Select(fault => $"Models:{index}:{fault}")).ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Faults(ModelOptions model, bool hasVault)
    {
        if (model.Prompt is { } prompt && PromptTemplate.Fault(prompt) is { } fault)
        {
            yield return $"Prompt: {fault}";
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(model.TimeZone, out _))
        {
            yield return "TimeZone: no such time zone; expected a name such as Europe/Berlin.";
        }

        foreach (var action in CallActions.Faults(model.Actions))
        {
            yield return $"Actions:{action}";
        }

        foreach (var upstream in UpstreamOptions.Faults(model.Upstreams, hasVault))
        {
            yield return upstream;
        }

        foreach (var server in ToolsOptions.Faults(model.Tools, hasVault))
        {
            yield return $"Tools:{server}";
        }
    }
}
