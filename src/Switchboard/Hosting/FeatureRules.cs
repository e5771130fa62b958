using Microsoft.Extensions.Options;
using Switchboard.Keys;
using Switchboard.Transcripts;

namespace Switchboard.Hosting;

/// <summary>Reports what the features find in their own settings.</summary>
internal sealed class FeatureRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        string[] faults = [.. AccessOptions.Faults(options.Access), .. TranscriptsOptions.Faults(options.Transcripts)];
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
