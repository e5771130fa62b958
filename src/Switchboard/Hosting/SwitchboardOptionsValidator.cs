using Microsoft.Extensions.Options;

namespace Switchboard.Hosting;

/// <summary>Checks the attributes of the options classes.</summary>
[OptionsValidator]
internal sealed partial class SwitchboardOptionsValidator : IValidateOptions<SwitchboardOptions>;
