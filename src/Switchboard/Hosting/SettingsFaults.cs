using Microsoft.Extensions.Options;

namespace Switchboard.Hosting;

/// <summary>Reports what <see cref="SettingsReader"/> found.</summary>
internal sealed class SettingsFaults(SettingsReader settings) : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options) =>
        settings.Faults.Count > 0 ? ValidateOptionsResult.Fail(settings.Faults) : ValidateOptionsResult.Success;
}
