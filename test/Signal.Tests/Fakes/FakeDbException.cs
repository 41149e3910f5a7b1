using System.Data.Common;

namespace Signal.Tests.Fakes;

/// <summary>A store's failure.</summary>
internal sealed class FakeDbException() : DbException("the store is gone");
