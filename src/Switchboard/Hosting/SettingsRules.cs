using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Switchboard.Keys;
using Switchboard.Models;
using Switchboard.Platforms;
using Switchboard.Responders;
using Switchboard.Transcripts;

namespace Switchboard.Hosting;

/// <summary>Reports every failure of the settings at once: what could not be read, what attributes forbid, and what the features find in their own.</summary>
internal sealed partial class SettingsRules(SettingsReader settings, IEnumerable<ResponderRegistration> responders) : IValidateOptions<SwitchboardOptions>
{
    private readonly Attributes _attributes = new();

    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        string[] failures =
        [
            .. settings.Failures,
            .. (_attributes.Validate(name, options).Failures ?? []).Select(Named),
            .. ModelRules.Failures(options.Models, responders.Select(responder => responder.Name), options.HasVault),
            .. CallsOptions.Failures(options.Calls),
            .. AccessOptions.Failures(options.Access),
            .. TranscriptsOptions.Failures(options.Transcripts),
        ];
        return failures.Length > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    // The generated code names properties (SwitchboardOptions.Models[0].Id), and nobody can look those up in a settings file.
    private static string Named(string failure) => Property().Replace(failure, property => property.Groups["path"].Value
        .Replace('.', ':')
        .Replace("[", ":", StringComparison.Ordinal)
        .Replace("]", "", StringComparison.Ordinal));

    [GeneratedRegex($@"\b{nameof(SwitchboardOptions)}\.(?<path>\w+(\[\d+\]|\.\w+)*)")]
    private static partial Regex Property();

    [OptionsValidator]
    private sealed partial class Attributes : IValidateOptions<SwitchboardOptions>;
}
