using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Transcripts;

/// <summary>Checks the connection string, as its reader does: in a place of its own, since that reader is one of the Azure assemblies.</summary>
internal sealed class ConnectionRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        if (options.Transcripts.ConnectionString is not { Length: > 0 } text)
        {
            return ValidateOptionsResult.Success;
        }

        try
        {
            _ = new TableServiceClient(text);
            return ValidateOptionsResult.Success;
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or ArgumentException)
        {
            // Its message may quote the account's key.
            return ValidateOptionsResult.Fail(
                "Transcripts:ConnectionString: it cannot be read; expected UseDevelopmentStorage=true, or one such as the portal shows under Access keys.");
        }
    }
}
