using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Transcripts;

/// <summary>Checks the connection string, as its reader does: in a method of its own, since that reader is one of the Azure assemblies.</summary>
internal sealed class ConnectionRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options) =>
        options.Transcripts.ConnectionString is { Length: > 0 } text ? Read(text) : ValidateOptionsResult.Success;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValidateOptionsResult Read(string text)
    {
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
