using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Switchboard.Vault;

namespace Switchboard.Transcripts;

/// <summary>
/// Where what was said is kept, and how long: the section <c>Transcripts</c>. Off unless <see cref="TableServiceUri"/> or
/// <see cref="ConnectionString"/> is set.
/// </summary>
public sealed class TranscriptsOptions
{
    /// <summary>
    /// The table service of a storage account, such as <c>https://my-account.table.core.windows.net/</c>, asked with this app's identity.
    /// None by default.
    /// </summary>
    public Uri? TableServiceUri { get; set; }

    /// <summary>
    /// The client id of the user-assigned managed identity that reads and writes the tables. Default: the environment variable
    /// <c>AZURE_CLIENT_ID</c>, else the system-assigned identity, else whoever is signed in to the Azure tools of this machine.
    /// </summary>
    [RegularExpression(AppIdentity.ClientIdPattern, ErrorMessage = "Transcripts:ClientId: expected a client id, which is a GUID.")]
    public string? ClientId { get; set; }

    /// <summary>The storage account with its key, in the place of <see cref="TableServiceUri"/>: for local runs. None by default.</summary>
    /// <remarks>https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string</remarks>
    public string? ConnectionString { get; set; }

    /// <summary>The beginning of the names of both tables, which end in <c>Turns</c> and <c>Days</c>. Default <c>Transcripts</c>.</summary>
    /// <remarks>https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#table-names</remarks>
    [Required]
    [RegularExpression("[A-Za-z][A-Za-z0-9]{0,57}", ErrorMessage = "Transcripts:TablePrefix: expected 1 to 58 letters and digits, a letter first.")]
    public string TablePrefix { get; set; } = "Transcripts";

    /// <summary>
    /// Whether only the lengths of what was said are kept, and only the names of call actions. Default false. What was stored before stays as it is.
    /// </summary>
    public bool Redact { get; set; }

    /// <summary>The days that a call is kept after the one it began on, by UTC. Default 30; 0 keeps calls for ever.</summary>
    [Range(0, 3650)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>The most turns that wait to be stored. Turns beyond it are dropped and counted. Default 5000.</summary>
    [Range(1, 1_000_000)]
    public int QueueCapacity { get; set; } = 5000;

    /// <summary>The most memory that turns which wait to be stored may take, in bytes. Default 32 MiB.</summary>
    [Range(4L * 1024 * 1024, 1024L * 1024 * 1024)]
    public long QueueBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Whether what is said is kept.</summary>
    internal bool AreKept => TableServiceUri is not null || ConnectionString is { Length: > 0 };

    /// <summary>What is wrong beside what the attributes say: there is to be one place, and an identity's token goes there over TLS.</summary>
    internal static IEnumerable<string> Failures(TranscriptsOptions options)
    {
        if (options.TableServiceUri is { } service)
        {
            if (!(service.IsAbsoluteUri && service.Scheme == Uri.UriSchemeHttps && service.Query.Length == 0 && service.UserInfo.Length == 0))
            {
                yield return "Transcripts:TableServiceUri: expected an https URI without a query, such as https://my-account.table.core.windows.net/.";
            }

            if (!string.IsNullOrEmpty(options.ConnectionString))
            {
                yield return "Transcripts:ConnectionString: Transcripts:TableServiceUri is set too; set only one of both.";
            }
        }

        if (options.ConnectionString is { Length: > 0 } text && !IsReadable(text))
        {
            // The reader's own message may quote the account's key.
            yield return "Transcripts:ConnectionString: it cannot be read; expected UseDevelopmentStorage=true, or one such as the portal shows under Access keys.";
        }
    }

    // Apart: who reads it is one of the Azure assemblies.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsReadable(string connection)
    {
        try
        {
            _ = new TableServiceClient(connection);
            return true;
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}
