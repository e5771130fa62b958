using System.ComponentModel.DataAnnotations;
using Switchboard.Vault;

namespace Switchboard.Hosting;

/// <summary>Where <c>switchboard.json</c> is kept for an app that runs: the section <c>Settings</c>. It stands in the app settings or the environment.</summary>
public sealed class SettingsOptions
{
    /// <summary>
    /// The blob that takes the place of the published <c>switchboard.json</c>, or the container or folder that holds it, asked with this app's identity, which needs
    /// <c>Storage Blob Data Reader</c>; https. With a query (a shared access signature) it is asked without an identity, also by http on this machine. None by default.
    /// </summary>
    public Uri? BlobUri { get; set; }

    /// <summary>The time from one look at the blob to the next. Default 00:00:30.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The client id of the user-assigned managed identity that reads the blob. Default: the environment variable <c>AZURE_CLIENT_ID</c>, else the system-assigned
    /// identity, else whoever is signed in to the Azure tools of this machine.
    /// </summary>
    [RegularExpression(AppIdentity.ClientIdPattern, ErrorMessage = "Settings:ClientId: expected a client id, which is a GUID.")]
    public string? ClientId { get; set; }

    /// <summary>What is wrong beside what the attributes say, each failure with its key.</summary>
    internal static IEnumerable<string> Failures(SettingsOptions options)
    {
        if (options.BlobUri is { } blob && !IsUsable(blob))
        {
            yield return "Settings:BlobUri: expected an https URI of a blob, a container or a folder in one, such as https://my-account.blob.core.windows.net/settings/switchboard.json.";
        }
    }

    /// <summary>Whether a blob could be asked for there.</summary>
    internal static bool IsUsable(Uri blob) => blob is { IsAbsoluteUri: true, UserInfo.Length: 0, Fragment.Length: 0 } && blob.AbsolutePath.Trim('/').Length > 0
        && (blob.Scheme == Uri.UriSchemeHttps || (blob.Scheme == Uri.UriSchemeHttp && blob.IsLoopback && blob.Query.Length > 0));
}
