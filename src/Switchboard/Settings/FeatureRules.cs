using Microsoft.Extensions.Options;
using Switchboard.Transcripts;

namespace Switchboard.Settings;

/// <summary>Reports what the features find in their own settings.</summary>
internal sealed class FeatureRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var faults = TranscriptsOptions.Faults(options.Transcripts).ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
