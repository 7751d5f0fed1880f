"""How a formula looks on paper, before any format: presentation trees and what makes them."""
