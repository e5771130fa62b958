using System.Security.Cryptography;
using Switchboard.Hosting;

namespace LocalHost;

/// <summary>
/// A key that opens the stored calls for as long as this process runs, made where none is configured, so that they can be seen at once. It is random rather
/// than the sample's: whoever knows that one reads what callers said as soon as this machine is reached through a tunnel.
/// </summary>
/// <param name="Text">The key.</param>
internal sealed record OperatorKey(string Text)
{
    private const string Mark = "operator-";
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int Length = 26;

    /// <summary>Whether it opens anything.</summary>
    public bool IsInForce { get; private set; }

    /// <summary>
    /// Makes one where only this machine may call: elsewhere it would end up in a log that others read. It counts where calls are kept, and neither a key nor a vault is configured,
    /// in whatever source: that is known when all of them have been read.
    /// </summary>
    /// <param name="builder">Gets the key.</param>
    /// <param name="url">Where to listen.</param>
    public static void AddTo(WebApplicationBuilder builder, string url)
    {
        if (url.Split(';').All(ListenUrl.IsLoopback) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            var made = new OperatorKey(Mark + RandomNumberGenerator.GetString(Letters, Length));
            builder.Services.AddSingleton(made);
            builder.Services.PostConfigure<SwitchboardOptions>(made.AddTo);
        }
    }

    private void AddTo(SwitchboardOptions settings)
    {
        IsInForce = settings.Transcripts.AreKept && !settings.HasVault && settings.Access.OperatorKeys.Count == 0;
        if (IsInForce)
        {
            settings.Access.OperatorKeys.Add(Text);
        }
    }
}
