using Microsoft.Extensions.Options;

namespace Switchboard.Hosting;

/// <summary>Checks that no exporter is set by a source that was added too late to be seen: nothing would be exported, and nobody told.</summary>
/// <param name="unset">The variables that were not set when exporters were added.</param>
/// <param name="isSet">Whether a variable is set now.</param>
internal sealed class ExporterRules(string[] unset, Func<string, bool> isSet) : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var failures = unset.Where(isSet).Select(variable => $"{variable}: its source was added after AddSwitchboardTelemetry; add it before that call.").ToList();
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
