using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Switchboard.Vault;

namespace Switchboard.Transcripts;

/// <summary>
/// Where what was said is kept, and how long: the section <c>Transcripts</c>. Off unless <see cref="TableServiceUri"/>,
/// <see cref="ConnectionString"/> or <see cref="InMemory"/> is set.
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

    /// <summary>
    /// Whether calls are kept in the memory of this process where neither <see cref="TableServiceUri"/> nor <see cref="ConnectionString"/> is set: up to
    /// 1,000 calls, 20,000 rows or 64 MiB, the oldest going first, and all of them with the process. Default false; true on LocalHost.
    /// </summary>
    public bool InMemory { get; set; }

    /// <summary>The beginning of the names of both tables, which end in <c>Turns</c> and <c>Days</c>. Default <c>Transcripts</c>.</summary>
    /// <remarks>https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#table-names</remarks>
    [Required]
    [RegularExpression("[A-Za-z][A-Za-z0-9]{0,57}", ErrorMessage = "Transcripts:TablePrefix: expected 1 to 58 letters and digits, a letter first.")]
    public string TablePrefix { get; set; } = "Transcripts";

    /// <summary>
    /// What is left out of what was said, in transcripts and, where <c>Telemetry:MessageContent</c> has traces carry it, in traces. Default <see cref="Redaction.None"/>. What was
    /// stored before stays as it is.
    /// </summary>
    public Redaction Redact { get; set; }

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
    internal bool AreKept => HasTables || InMemory;

    /// <summary>Whether they are kept in a table service.</summary>
    internal bool HasTables => TableServiceUri is not null || ConnectionString is { Length: > 0 };

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

/// <summary>What is left out of what was said.</summary>
[TypeConverter(typeof(RedactionConverter))]
public enum Redaction
{
    /// <summary>Nothing. <c>false</c> means it, too.</summary>
    None,

    /// <summary>
    /// Phone numbers, numbers of cards and accounts, and e-mail addresses, in digits and in words: a mark stands in their place. The operator's own numbers stay. What tools have found is
    /// not shared with other instances, since it could not be of use with marks in it.
    /// </summary>
    Numbers,

    /// <summary>All words: of what was said only lengths are kept, and of call actions the names. <c>true</c> means it, too. Traces carry none.</summary>
    All,
}

/// <summary>Also reads what was <c>true</c> and <c>false</c> before there was anything between.</summary>
internal sealed class RedactionConverter() : EnumConverter(typeof(Redaction))
{
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text && bool.TryParse(text, out var isOn) ? isOn ? Redaction.All : Redaction.None : base.ConvertFrom(context, culture, value);
}
