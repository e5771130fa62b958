using Microsoft.Extensions.Options;
using Switchboard.Hosting;
using Switchboard.Responders;
using Switchboard.Upstream;

namespace Switchboard.Models;

/// <summary>Checks what attributes cannot say of the models: names that must differ, names that must exist, scripts that must run.</summary>
internal sealed class ModelRules(IEnumerable<ResponderRegistration> responders) : IValidateOptions<SwitchboardOptions>
{
    private readonly string[] _responders = [SimulatedChatClient.Name, ScriptedChatClient.Name, UpstreamChatClient.Name, .. responders.Select(responder => responder.Name)];

    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var faults = ResponderFaults().Concat(Faults(options.Models)).ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> ResponderFaults() => _responders
        .GroupBy(responder => responder, StringComparer.Ordinal)
        .Where(same => same.Count() > 1)
        .Select(same => $"AddResponder: the name '{same.Key}' is given to {same.Count()} responders.");

    private IEnumerable<string> Faults(IList<ModelOptions> models)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < models.Count; index++)
        {
            var model = models[index];
            if (!ids.Add(model.Id))
            {
                yield return $"Models:{index}:Id: another model has this id.";
            }

            if (model.Default && models.Take(index).Any(other => other.Default))
            {
                yield return $"Models:{index}:Default: another model is the default.";
            }

            if (!_responders.Contains(model.Responder, StringComparer.Ordinal))
            {
                yield return $"Models:{index}:Responder: no such responder; there are {string.Join(", ", _responders.Distinct())}.";
            }

            if (model.Filler.After is not null && model.Filler.Text.All(string.IsNullOrWhiteSpace))
            {
                yield return $"Models:{index}:Filler:Text: Filler:After needs something to say (Models:{index}:Filler:Text:0).";
            }

            if (model.Responder == UpstreamChatClient.Name && model.Upstreams.Count == 0)
            {
                yield return $"Models:{index}:Upstreams: the responder 'upstream' needs at least one upstream (Models:{index}:Upstreams:0:BaseUrl).";
            }

            foreach (var fault in ScriptFaults(model, $"Models:{index}:Script"))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> ScriptFaults(ModelOptions model, string path)
    {
        if (model.Responder == ScriptedChatClient.Name && model.Script.Count == 0)
        {
            yield return $"{path}: the responder 'scripted' needs at least one rule.";
        }

        for (var index = 0; index < model.Script.Count; index++)
        {
            foreach (var fault in CompiledRule.Faults(model.Script[index]))
            {
                yield return $"{path}:{index}:{fault}";
            }
        }
    }
}
