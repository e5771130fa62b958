using Microsoft.Extensions.Options;
using Switchboard.Keys;
using Switchboard.Models;
using Switchboard.Platforms;
using Switchboard.Responders;
using Switchboard.Transcripts;
using Switchboard.Turn;

namespace Switchboard.Hosting;

/// <summary>Reports every failure of the settings at once: what could not be read, what attributes forbid, and what the features find in their own.</summary>
internal sealed class SettingsRules(SettingsState state, IEnumerable<ResponderRegistration> responders) : IValidateOptions<SwitchboardOptions>
{
    private const string NoModel = $"{nameof(SwitchboardOptions.Models)}: {SwitchboardOptions.NoModel}";

    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        string[] failures = [.. Failures(state.Loaded, options, responders)];
        return failures.Length > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    /// <summary>What is wrong with settings, each failure with its key.</summary>
    public static IEnumerable<string> Failures(LoadedSettings settings, SwitchboardOptions options, IEnumerable<ResponderRegistration> responders)
    {
        string[] unread = [.. settings.Failures];
        // Of what could not be read nothing more is to be said, such as that it is missing.
        string[] keys = [.. unread.Select(failure => failure[..(failure.IndexOf(": ", StringComparison.Ordinal) + 1)]).Where(key => key.Length > 0), .. settings.Unread.Where(setting => !settings.IsGiven(setting)).Select(setting => $"{setting}:")];
        return unread.Concat(Rules(settings, options, responders).Where(failure => !Array.Exists(keys, key => failure.StartsWith($"{key} ", StringComparison.Ordinal))).Select(settings.Placed))
            .Select(failure => settings.AsWritten(SettingsSecrets.Masked(failure)));
    }

    private static IEnumerable<string> Rules(LoadedSettings settings, SwitchboardOptions options, IEnumerable<ResponderRegistration> responders) =>
        [
            .. new AttributeRules(settings.TextOf).Failures(options).Select(failure => failure == NoModel && settings.Missing is { } path ? $"{failure.TrimEnd('.')}; there is no {path}." : failure),
            .. ModelRules.Failures(options.Models, responders.Select(responder => responder.Name), options.HasVault).Select(settings.Named),
            .. IdleSettings.Failures(options, settings.IsGiven),
            .. CallsOptions.Failures(options.Calls),
            .. AccessOptions.Failures(options.Access),
            .. LimitsOptions.Failures(options.Limits, KeyText.NamesOf(options.Access.ApiKeys.Concat(options.Access.OperatorKeys)), options.HasVault),
            .. TranscriptsOptions.Failures(options.Transcripts),
            .. SettingsOptions.Failures(options.Settings),
        ];
}
