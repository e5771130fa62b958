namespace Switchboard.Http;

/// <summary>One configured model.</summary>
/// <param name="Id">The model id.</param>
/// <param name="Created">When this instance loaded it, in Unix seconds.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="OwnedBy">Always <c>switchboard</c>.</param>
internal sealed record ModelCard(string Id, long Created, string Object = "model", string OwnedBy = "switchboard");
