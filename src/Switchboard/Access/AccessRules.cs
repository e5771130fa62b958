using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Access;

/// <summary>Checks that a configured key can arrive in a header at all: a blank or one with spaces would never match.</summary>
internal sealed class AccessRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var faults = options.Access.ApiKeys
            .Select((key, index) => (key, index))
            .Where(entry => entry.key.Length == 0 || entry.key.Any(character => character is <= ' ' or > '~'))
            .Select(entry => $"Access:ApiKeys:{entry.index}: a key is one or more printable ASCII characters without spaces.")
            .ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
