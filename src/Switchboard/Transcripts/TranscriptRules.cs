using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Transcripts;

/// <summary>Checks that there is one place for the transcripts, and that an identity's token goes to it over TLS.</summary>
internal sealed class TranscriptRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var transcripts = options.Transcripts;
        var faults = new List<string>();
        if (transcripts.TableServiceUri is { } service)
        {
            if (!(service.IsAbsoluteUri && service.Scheme == Uri.UriSchemeHttps && service.Query.Length == 0 && service.UserInfo.Length == 0))
            {
                faults.Add("Transcripts:TableServiceUri: expected an https URI without a query, such as https://my-account.table.core.windows.net/.");
            }

            if (!string.IsNullOrEmpty(transcripts.ConnectionString))
            {
                faults.Add("Transcripts:ConnectionString: Transcripts:TableServiceUri is set too; set only one of both.");
            }
        }

        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
