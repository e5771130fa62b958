using Switchboard.Actions;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Platforms;
using Switchboard.Responders;
using Switchboard.Speech;
using Switchboard.Steps;
using Switchboard.Templates;
using Switchboard.Tools;
using Switchboard.Upstream;

namespace Switchboard.Models;

/// <summary>Checks what attributes cannot say of the models: names that must differ, names that must exist, scripts that must run.</summary>
internal static class ModelRules
{
    /// <summary>What is wrong, each with its key in the configuration.</summary>
    /// <param name="models">The models.</param>
    /// <param name="registered">The names of the responders that were added in code.</param>
    /// <param name="hasVault">Whether secrets can be named.</param>
    public static IEnumerable<string> Failures(IList<ModelOptions> models, IEnumerable<string> registered, bool hasVault)
    {
        string[] responders = [.. ModelPipeline.BuiltInResponders, .. registered];
        var doubled = responders.GroupBy(responder => responder, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => $"AddResponder: the name '{same.Key}' is given to {same.Count()} responders.");
        return doubled.Concat(models.SelectMany((model, index) => Failures(models, index, responders, hasVault).Select(failure => $"Models:{index}:{failure}")));
    }

    private static IEnumerable<string> Failures(IList<ModelOptions> models, int index, string[] responders, bool hasVault)
    {
        var model = models[index];
        if (models.Take(index).Any(other => other.Id == model.Id))
        {
            yield return "Id: another model has this id.";
        }

        if (model.Id is { } id && id.Trim() != id)
        {
            yield return "Id: an id has no blanks around it.";
        }

        if (model.Default && models.Take(index).Any(other => other.Default))
        {
            yield return "Default: another model is the default.";
        }

        if (!responders.Contains(model.Responder, StringComparer.Ordinal))
        {
            yield return $"Responder: {SettingText.NoSuch("responder", model.Responder, [.. responders.Distinct()])}";
        }

        if (model.Platform is { } platform && !Dialects.TryFind(platform, out _))
        {
            yield return $"Platform: {SettingText.NoSuch("platform", platform, Dialects.Names)}";
        }

        if (model.Responder == ScriptedChatClient.Name && model.Script.Count == 0)
        {
            yield return "Script: the responder 'scripted' needs at least one rule.";
        }

        if (model.Responder == UpstreamChatClient.Name && model.Upstreams.Count == 0)
        {
            yield return $"Upstreams: the responder 'upstream' needs at least one upstream (Models:{index}:Upstreams:0:BaseUrl).";
        }

        if (SpokenAttribute.IsBlank(model.Prompt))
        {
            yield return "Prompt: expected a prompt, found an empty text.";
        }

        if (model.Prompt is { } prompt && PromptTemplate.Failure(prompt) is { } failure)
        {
            yield return $"Prompt: {failure}";
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(model.TimeZone, out _))
        {
            var zones = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id);
            yield return $"TimeZone: no such time zone{SettingText.Found(model.TimeZone)}; expected a name such as Europe/Berlin{SettingText.DidYouMean(model.TimeZone, zones)}";
        }

        for (var at = 0; at < model.Script.Count; at++)
        {
            if (model.Script[at].Do == ActionNames.Transfer && !model.Actions.Any(action => action.Name == ActionNames.Transfer))
            {
                yield return $"Script:{at}:Do: a transfer needs its numbers (Models:{index}:Actions:0:Name = {ActionNames.Transfer}, Models:{index}:Actions:0:Numbers:0).";
            }
        }

        for (var at = 0; at < model.SpeechTags.Count; at++)
        {
            if (model.SpeechTags[at] is not { } tag || !SpokenTextOptions.IsSpeechTag(tag))
            {
                yield return $"SpeechTags:{at}: no name of a tag that may pass; expected one such as break: letters, digits, - and :, none that the platform obeys or that models put around reasoning.";
            }
        }

        foreach (var below in model.Script.SelectMany((rule, at) => CompiledRule.Failures(rule).Select(failure => $"Script:{at}:{failure}"))
            .Concat(FillerOptions.Failures(model.Filler, index))
            .Concat(AgoraOptions.Failures(model.Agora))
            .Concat(UpstreamRules.Failures(model.Upstreams, hasVault))
            .Concat(CallActions.Failures(model.Actions).Select(failure => $"Actions:{failure}"))
            .Concat(ToolsOptions.Failures(model.Tools, hasVault).Select(failure => $"Tools:{failure}")))
        {
            yield return below;
        }
    }
}
